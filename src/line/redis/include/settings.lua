--- Takes over the room's settings from their JSON, and says so in the feed.
--@include line

local function takeSettings(json)
  local settings = cjson.decode(json)
  for _, field in ipairs({ 'version', 'opensAt', 'capacity', 'leaseMs', 'graceMs', 'noShowMs', 'control' }) do
    line[field] = settings[field]
  end
  line.graceEarly = settings.graceBeforeOpening and 1 or 0
  line.rate = math.floor(settings.ratePerSecond * 1000 + 0.5)
  redis.call('HSET', keys.meta, 'settings', json)
  append('settings', 'settings', json)
end
