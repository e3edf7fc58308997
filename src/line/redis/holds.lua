--[[
  holds: whether this very line is there, ready.
  KEYS: all of the line (keys.ts)
  ARGV: incarnation
  Returns: 1 or 0
]]
--@include line

loadLine()
return line.incarnation == ARGV[1] and line.ready or 0
