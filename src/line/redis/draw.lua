--[[
  draw: entrants of the lottery get their numbers.
  KEYS: all of the line (keys.ts)
  ARGV: incarnation, moves as JSON (LotteryMove[]), hash of the entrants with the last ones, else ''
  Returns: nothing
  Refuses: invalid_input for a number that was not set aside
]]
--@include ticket

runLine()
if line.lottery ~= LOTTERY.frozen then return end

local moves = cjson.decode(ARGV[2])
for _, move in ipairs(moves) do
  if move.number < line.drawnFrom or move.number >= line.nextNumber then refuse('invalid_input') end
end
for _, move in ipairs(moves) do
  local ticket = readTicket(move.studentId)
  if ticket and ticket.state == 'waiting' and ticket.number == move.entry then
    redis.call('SETBIT', keys.waiting, int(move.entry - line.baseNumber), 0)
    redis.call('SETBIT', keys.waiting, int(move.number - line.baseNumber), 1)
    redis.call('ZADD', keys.present, 'XX', int(move.number), ticket.student)
    ticket.number = move.number
    writeTicket(ticket)
    append('drawn', 'number', int(move.number), 'student', ticket.student, 'entry', int(move.entry))
  end
end
if ARGV[3] ~= '' then
  line.lottery = LOTTERY.settled
  line.settledAt = append('settled', 'entrantsHash', ARGV[3])
end
saveLine()
