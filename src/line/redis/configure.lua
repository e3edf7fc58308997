--[[
  configure: takes over newer settings; what the bucket has earned so far counts at the old ones.
  KEYS: all of the line (keys.ts)
  ARGV: incarnation, version, settings as JSON
  Returns: nothing
]]
--@include bucket
--@include settings

holdLine()
if tonumber(ARGV[2]) <= line.version then return end
refillBucket(false)
takeSettings(ARGV[3])
saveLine()
