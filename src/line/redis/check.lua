--[[
  check: whether this line is there, with all that the caller has seen of it. On a server that was started anew, or
    promoted, the line goes on once every registered pod has found its own there; as long as one has not said so, it
    may know of more, and when it stays silent, the line counts as lost.
  KEYS: all of the line (keys.ts)
  ARGV: incarnation, pod, highest sequence it has seen, on which server ('' for none), highest number that was presented
    to it, highest sequence in the trail ('' for not asked: then the pod does not vote), highest sequence it has seen
    since it was last told 'held', on whichever server
  Returns: 'held', 'unsure' or 'lost'; the server
]]
--@include pods

--- How much of what the pod saw on that server can still be there.
local function knownOf(server)
  if server == '' or server == line.server then return line.sequence end
  return server == line.adoptedFrom and line.adoptedAt or -1
end

--- Counts this pod's vote. Returns whether all pods have voted.
local function vote(pod)
  if line.votesOn ~= SERVER then
    redis.call('DEL', keys.votes)
    line.votesOn, line.votesSince = SERVER, nowMs
  end
  redis.call('SADD', keys.votes, pod)
  for _, registered in ipairs(redis.call('ZRANGEBYSCORE', keys.pods, 0, '+inf')) do
    if redis.call('SISMEMBER', keys.votes, registered) == 0 then return false end
  end
  return true
end

local function adopt()
  line.adoptedFrom, line.adoptedAt, line.server = line.server or '', line.sequence, SERVER
  redis.call('DEL', keys.votes)
end

local function answer(standing)
  if standing == 'lost' then line.lost = 1 end
  saveLine()
  return { standing, SERVER }
end

loadLine()
if line.incarnation ~= ARGV[1] or line.ready ~= 1 or line.lost == 1 then return { 'lost', SERVER } end

local seen, number, durable, latest = tonumber(ARGV[3]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
if seen > knownOf(ARGV[4]) or number >= line.nextNumber or latest > line.sequence then return answer('lost') end
if durable and durable > line.sequence then return answer('lost') end
if line.server == SERVER then return answer('held') end
if not durable then return answer('unsure') end

if vote(ARGV[2]) then
  adopt()
  return answer('held')
end
return answer(nowMs - line.votesSince > LIMITS.podTimeoutMs and 'lost' or 'unsure')
