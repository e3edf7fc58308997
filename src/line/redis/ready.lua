--[[
  ready: declares the line complete, and recovering for a while.
  KEYS: all of the line (keys.ts)
  ARGV: incarnation, recover for (ms)
  Returns: nothing
]]
--@include line-time

holdLine()
if line.ready == 1 then return end

line.ready = 1
if tonumber(ARGV[2]) > 0 then line.recoveringUntil = nowMs + tonumber(ARGV[2]) end
passTime()
saveLine()
