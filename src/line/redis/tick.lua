--[[
  tick: everything that time brings, in the port's order. In the quiet case five commands, whatever the line's length,
    and once a second the audit.
  KEYS: all of the line (keys.ts)
  ARGV: incarnation, pod, share of the rate that is earned (thousandths)
  Refuses: line_damaged when the parts of the line contradict each other; it is lost then
  Returns: now (ms), state, admitted, waiting, present, inside, sequence, durable sequence, more (1 or 0),
    fenced (1 or 0), dead pods, whether a draw is due (1 or 0), whether grace stands (1 or 0)
]]
--@include sweep
--@include audit
--@include admission
--@include pods
--@include lottery

runLine()
audit()
local stalled = passTime()
local known = heartbeat(ARGV[2])

local state = roomState()
if state == 'scheduled' then line.opened = 0 end
local drawn = goOnWithLottery()
if drawn or (state == 'open' and line.opened == 0 and line.lottery == LOTTERY.none) then
  line.opened = 1
  openWithOneToken()
  append('opened')
end

local left
if state == 'closed' then
  left = endEveryone()
else
  left = sweep(state)
end
local resuming = resumeGrace()
local admitted, more = admitPresent(stalled, tonumber(ARGV[3]))
local dead = deadPods()
-- The last ticks of a room that has ended: nobody renews what has come since, and without a term it would stay for ever.
local ended = state == 'closed' and line.waiting + line.inside == 0
if ended or nowMs >= line.renewAt then renewKeys() end
saveLine()
return {
  nowMs, state, admitted, line.waiting, line.present, line.inside, line.sequence, line.durableSequence,
  (left or more or resuming) and 1 or 0, known and 0 or 1, dead, line.lottery == LOTTERY.frozen and 1 or 0,
  graceStands() and 1 or 0,
}
