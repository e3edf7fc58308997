--[[
  readFeed: what has happened after a sequence.
  KEYS: all of the line (keys.ts)
  ARGV: incarnation, sequence, most events
  Returns: the events as XRANGE gives them, feed sequence, durable sequence, which pod said so last
  Refuses: line_recovering when the feed does not reach the sequence
]]
--@include line

holdLine()
local after = tonumber(ARGV[2])
if after > line.sequence then refuse('line_recovering') end
local events = {}
if after < line.sequence then
  events = redis.call('XRANGE', keys.feed, int(after + 1) .. '-0', '+', 'COUNT', ARGV[3])
end
return { events, line.sequence, line.durableSequence, line.durableBy }
