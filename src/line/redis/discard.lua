--[[
  discard: frees everything of a line. Harmless when it is gone already.
  KEYS: all of the line (keys.ts)
  ARGV: incarnation
  Returns: nothing
]]
--@include line

loadLine()
if line.incarnation and line.incarnation ~= ARGV[1] then refuse('line_recovering') end
redis.call('UNLINK', unpack(KEYS))
