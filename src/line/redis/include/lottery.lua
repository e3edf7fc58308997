--- The lottery of those who came before the opening. As tick.ts and memory-line.ts.
--@include line

--- Closes the list, and sets numbers aside for those who are on it.
local function freeze()
  line.lottery, line.drawnFrom = LOTTERY.frozen, line.nextNumber
  line.nextNumber = line.nextNumber + line.waiting
  append('frozen', 'entries', int(line.waiting), 'firstNumber', int(line.drawnFrom))
end

--- True when it is over just now, and the line may open.
local function goOnWithLottery()
  if not admits() then return false end
  if line.lottery == LOTTERY.entries then freeze() end
  if line.lottery ~= LOTTERY.settled or line.durableSequence < line.settledAt then return false end
  line.lottery = LOTTERY.none
  return true
end
