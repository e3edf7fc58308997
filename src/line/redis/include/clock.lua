--- The store's clock in µs. The only place where a script reads the time.
local function storeTime()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end
