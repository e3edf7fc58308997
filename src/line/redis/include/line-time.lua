--- Line time: store time less all stalls. Deadlines of grace, no-show and pods run in it. As line-time.ts.
--@include line

local STALL = LIMITS.stallMs * 1000

local function isStall()
  local gap = now - line.lastTickAt
  return gap < 0 or gap > STALL
end

--- In whole ms. In a stall it stands where the last tick left it.
local function lineTime()
  return math.floor(((isStall() and line.lastTickAt or now) - line.shift) / 1000)
end

--- Somebody ticks. True when a stall has just ended.
local function passTime()
  local stalled = isStall()
  if stalled then line.shift = line.shift + now - line.lastTickAt end
  line.lastTickAt = now
  return stalled
end
