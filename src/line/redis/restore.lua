--[[
  restore: puts tickets of earlier epochs into a line that is not ready yet.
  KEYS: all of the line (keys.ts)
  ARGV: incarnation, tickets as JSON (RestoredTicket[])
  Returns: nothing
  Refuses: invalid_input for a number outside this line
]]
--@include moves

holdLine()
if line.ready == 1 then return end

local tickets = cjson.decode(ARGV[2])
for _, ticket in ipairs(tickets) do
  if ticket.number < line.baseNumber or ticket.number >= line.firstNumber then refuse('invalid_input') end
end
for _, ticket in ipairs(tickets) do
  if ticket.state == 'ended' then
    claim(ticket.number)
  elseif not readTicket(ticket.studentId) and isFree(ticket.number) then
    local placed = reinstateTicket(ticket.studentId, ticket.epoch, ticket.number, ticket.joinedAt)
    if ticket.state == 'waiting' then
      depart(placed)
    else
      admitTicket(placed, ticket.expiresAt)
      line.begun = 1
      if ticket.acknowledged then acknowledgeTicket(placed) end
    end
  end
end
saveLine()
