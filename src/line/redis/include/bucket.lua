--- The token bucket that paces admissions, in µs × thousandths of an admission per second. As token-bucket.ts.
--@include line-time

local TOKEN = 1000000000

--- Counts the time since the last look, at the rate (or a share of it, in thousandths) and in the state until now.
--- False: this state admits nobody.
local function refillBucket(stalled, share)
  if line.lottery ~= LOTTERY.none or not admits() then
    line.credit, line.countedUntil, line.idle = 0, now, 1
    return false
  end
  local elapsed = math.max(0, now - line.countedUntil)
  local earned = (stalled or elapsed > STALL) and 0 or math.floor(elapsed * (share or 1000) / 1000) * line.rate
  local most = line.rate == 0 and 0 or line.idle == 1 and TOKEN or math.max(TOKEN, STALL * line.rate)
  line.credit = math.min(line.credit + earned, most)
  line.countedUntil = now
  return true
end

--- A room that opens starts with one token, so that the first student goes in at once.
local function openWithOneToken()
  line.credit, line.countedUntil, line.idle = TOKEN, now, 0
end
