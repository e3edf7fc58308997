--[[
  open: makes the line of a new epoch, not yet ready. Harmless when it is there already; one that was being filled when
    its server was started anew goes on being filled, for nobody has seen anything of it yet.
  KEYS: all of the line (keys.ts)
  ARGV: incarnation, epoch, first number, lowest number, restored through, settings as JSON,
    whether the room's lottery is over (1 or 0)
  Returns: nothing
]]
--@include settings
--@include line-time

loadLine()
if line.incarnation == ARGV[1] then
  if line.ready ~= 1 and line.server ~= SERVER then
    line.server = SERVER
    saveLine()
  end
  return
end
if line.incarnation then refuse('line_recovering') end

line.incarnation, line.epoch, line.ready = ARGV[1], tonumber(ARGV[2]), 0
line.firstNumber, line.restoredThrough = tonumber(ARGV[3]), tonumber(ARGV[5])
line.nextNumber = line.firstNumber
line.baseNumber = math.min(tonumber(ARGV[4]), line.restoredThrough + 1)
line.lastTickAt, line.countedUntil = now, now
line.nextDeadline, line.nextExpiry, line.nextPodDeadline = NEVER, NEVER, NEVER
line.idle, line.durableBy = 1, ''
line.server, line.adoptedFrom, line.votesOn = SERVER, '', ''
for _, field in ipairs({
  'recoveringUntil', 'sequence', 'durableSequence', 'shift', 'credit', 'opened', 'waiting', 'present', 'inside',
  'lost', 'adoptedAt', 'votesSince', 'begun', 'standing',
}) do
  line[field] = 0
end
takeSettings(ARGV[6])
if cjson.decode(ARGV[6]).lottery and ARGV[7] ~= '1' then line.lottery = LOTTERY.entries end
renewKeys()
saveLine()
