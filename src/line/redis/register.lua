--[[
  register: makes a pod's incarnation known.
  KEYS: all of the line (keys.ts)
  ARGV: incarnation, pod
  Returns: nothing
  Refuses: pod_fenced while that pod is being taken off
]]
--@include pods

holdLine()
local deadline = podDeadline(ARGV[2])
if deadline == FENCED then refuse('pod_fenced') end
if deadline then return end
setPodDeadline(ARGV[2], lineTime() + LIMITS.podTimeoutMs + LIMITS.heartbeatMs)
saveLine()
