--[[
  find: what the line knows of a student.
  KEYS: all of the line (keys.ts)
  ARGV: incarnation, student
  Returns: the ticket's record, or ''
]]
--@include line

holdLine()
return redis.call('HGET', keys.tickets, ARGV[2]) or ''
