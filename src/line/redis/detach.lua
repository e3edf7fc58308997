--[[
  detach: a socket is gone; a waiting ticket is away when it was the last one, of any pod.
  KEYS: all of the line (keys.ts)
  ARGV: incarnation, student, pod, socket
  Returns: nothing
]]
--@include ticket

runLine()
local student, pod, socket = ARGV[2], ARGV[3], ARGV[3] .. '/' .. ARGV[4]
local held, left = dropSockets(student, pod, function(other) return other == socket end)
if held == 0 or left > 0 then return end
local ticket = ticketOf(student)
if ticket.state == 'waiting' then depart(ticket) end
saveLine()
