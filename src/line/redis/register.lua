--[[
  register: makes a pod's incarnation known.
  KEYS: all of the line (keys.ts)
  ARGV: incarnation, pod
  Returns: 1 when it was not known until now, else 0
  Refuses: pod_fenced while that pod is being taken off
]]
--@include pods

holdLine()
local deadline = podDeadline(ARGV[2])
if deadline == FENCED then refuse('pod_fenced') end
if deadline then return 0 end
setPodDeadline(ARGV[2], lineTime() + LIMITS.podTimeoutMs + LIMITS.heartbeatMs)
saveLine()
return 1
