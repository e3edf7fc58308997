--[[
  detach: sockets are gone; a waiting ticket is away when it was the last one, of any pod.
  KEYS: all of the line (keys.ts)
  ARGV: incarnation, and for each socket: student, pod, socket
  Returns: nothing
]]
--@include ticket

runLine()
local departed = false
for i = 2, #ARGV, 3 do
  local student, pod, socket = ARGV[i], ARGV[i + 1], ARGV[i + 1] .. '/' .. ARGV[i + 2]
  local held, left = dropSockets(student, pod, function(other) return other == socket end)
  if held > 0 and left == 0 then
    local ticket = ticketOf(student)
    if ticket.state == 'waiting' then depart(ticket) end
    departed = true
  end
end
if departed then saveLine() end
