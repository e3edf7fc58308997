--[[
  snapshot: a consistent picture of who waits.
  KEYS: all of the line (keys.ts)
  ARGV: incarnation
  Returns: sequence, durable sequence, lowest number, next number, settings as JSON, state, recovering until (ms),
    now (ms), restored through, bitmap of the waiting, whether a lottery is pending (1 or 0)
]]
--@include line

holdLine()
return {
  line.sequence, line.durableSequence, line.baseNumber, line.nextNumber, redis.call('HGET', keys.meta, 'settings'),
  roomState(), line.recoveringUntil, nowMs, line.restoredThrough, redis.call('GET', keys.waiting) or '',
  line.lottery == LOTTERY.none and 0 or 1,
}
