--[[
  fencePod: takes students off a dead pod's sockets, a batch at a time. From the first call on the pod is fenced.
  KEYS: all of the line (keys.ts)
  ARGV: incarnation, pod
  Returns: 1 when more remain, else 0
]]
--@include ticket
--@include pods

runLine()
local pod = ARGV[2]
local deadline = podDeadline(pod)
if not deadline or deadline > lineTime() then return 0 end

setPodDeadline(pod, FENCED)
local members = studentsOfPod(pod, LIMITS.tickBatch)
for _, member in ipairs(members) do
  local student = string.sub(member, #pod + 2)
  local held, left = dropSockets(student, pod, function() return true end)
  if held > 0 and left == 0 then
    local ticket = ticketOf(student)
    if ticket.state == 'waiting' then depart(ticket) end
  end
end
local more = #members == LIMITS.tickBatch
if not more then redis.call('ZREM', keys.pods, pod) end
saveLine()
return more and 1 or 0
