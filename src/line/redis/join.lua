--[[
  join: one place per student; the socket becomes present.
  KEYS: all of the line (keys.ts)
  ARGV: incarnation, student, pod, socket, create (1 or 0), then the presented ticket's epoch, number and time of the
    join (ms); '' when none is presented
  Returns: outcome, ticket record or '', feed sequence
  Refuses: pod_fenced, too_many_sockets, room_closed, room_draining, line_full; line_recovering when the presented
    ticket is one that this epoch has not issued yet
]]
--@include ticket
--@include pods

runLine()
local student, pod, socket, create = ARGV[2], ARGV[3], ARGV[4], ARGV[5] == '1'
local epoch, number = tonumber(ARGV[6]), tonumber(ARGV[7])
if epoch == line.epoch and number >= line.nextNumber then refuse('line_recovering') end
assertPod(pod)
local ticket = readTicket(student)

local function answer(outcome)
  return { outcome, ticket and packTicket(ticket) or '', line.sequence }
end

if isLive(ticket) then
  local sockets = socketsOf(student)
  for _, held in ipairs(sockets) do
    if held == pod .. '/' .. socket then return answer('attached') end
  end
  if #sockets >= LIMITS.socketsPerTicket then refuse('too_many_sockets') end
  if ticket.state == 'waiting' and #sockets == 0 then
    makePresent(ticket)
    append('back', 'number', int(ticket.number), 'student', student)
  end
  attachSocket(student, sockets, pod, socket)
  saveLine()
  return answer('attached')
end

if not ticket then auditTickets() end
local state = roomState()
local returns = number ~= nil and state == 'recovering' and ticket == nil and epoch < line.epoch
  and number > line.restoredThrough and isFree(number)
if not returns and not create then return answer('gone') end
if not returns and state == 'closed' then refuse('room_closed') end
if not returns and state == 'draining' then refuse('room_draining') end
if line.sequence - line.durableSequence >= LIMITS.feedBacklog then refuse('line_full') end

if returns then
  ticket = reinstateTicket(student, epoch, number, tonumber(ARGV[8]))
else
  ticket = placeTicket(student, line.epoch, line.nextNumber, nowMs)
  line.nextNumber = line.nextNumber + 1
end
makePresent(ticket)
attachSocket(student, {}, pod, socket)
saveLine()
return answer(returns and 'restored' or 'joined')
