--[[
  markDurable: everything up to a sequence is in the trail. Wakes those who read the feed, and trims it.
  KEYS: all of the line (keys.ts)
  ARGV: incarnation, sequence, pod
  Returns: nothing
  Refuses: line_recovering when the feed is not that long
]]
--@include line

holdLine()
local sequence = tonumber(ARGV[2])
if sequence > line.sequence then refuse('line_recovering') end
if sequence <= line.durableSequence then return end
line.durableSequence, line.durableBy = sequence, ARGV[3]
redis.call('XADD', keys.durable, 'MAXLEN', 1, int(sequence) .. '-0', 'by', ARGV[3])
local firstKept = math.min(sequence, line.sequence - LIMITS.feedKept) + 1
if firstKept > 1 then redis.call('XTRIM', keys.feed, 'MINID', int(firstKept) .. '-0') end
saveLine()
