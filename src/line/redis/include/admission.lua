--- Lets the lowest present numbers in, as the bucket, the capacity and the trail allow. As tick.ts.
--@include bucket
--@include moves

--- Whether an event has waited for the trail for too long.
local function isTrailBehind()
  if line.durableSequence >= line.sequence then return false end
  local pending = redis.call('XRANGE', keys.feed, int(line.durableSequence + 1) .. '-0', '+', 'COUNT', 1)
  return pending[1] ~= nil and nowMs - tonumber(pending[1][2][4]) > LIMITS.trailLagMs
end

--- Returns how many went in, and whether more may at once.
local function admitPresent(stalled, share)
  if not refillBucket(stalled, share) then return 0, false end
  local places = math.max(0, line.capacity - line.inside)
  local wanted = math.min(math.floor(line.credit / TOKEN), line.present, places)
  local behind = wanted > 0 and isTrailBehind()
  local allowed = behind and 0 or wanted
  local admitted = math.min(allowed, LIMITS.tickBatch)
  if admitted > 0 then
    for _, student in ipairs(redis.call('ZRANGE', keys.present, 0, admitted - 1)) do
      admitTicket(ticketOf(student), nowMs + line.leaseMs)
    end
  end
  if admitted > 0 then line.begun = 1 end
  line.credit = line.credit - admitted * TOKEN
  line.idle = (behind or line.present == 0 or line.inside >= line.capacity) and 1 or 0
  if line.idle == 1 then line.credit = math.min(line.credit, TOKEN) end
  return admitted, allowed > admitted
end
