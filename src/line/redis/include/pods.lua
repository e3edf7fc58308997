--- Heartbeats of the pods, in line time. A score of FENCED: its students are being taken off.
--@include line-time
--@include sockets

local FENCED = -1
local DEAD_PODS_PER_TICK = 16

local function podDeadline(pod)
  return tonumber(redis.call('ZSCORE', keys.pods, pod) or nil)
end

local function assertPod(pod)
  local deadline = podDeadline(pod)
  if not deadline or deadline == FENCED then refuse('pod_fenced') end
end

local function setPodDeadline(pod, deadline)
  redis.call('ZADD', keys.pods, int(deadline), pod)
  line.nextPodDeadline = math.min(line.nextPodDeadline, deadline)
end

--- Written at most each heartbeatMs. False when the pod is not registered.
local function heartbeat(pod)
  local deadline = podDeadline(pod)
  if not deadline or deadline == FENCED then return false end
  local time = lineTime()
  if deadline < time + LIMITS.podTimeoutMs then
    setPodDeadline(pod, time + LIMITS.podTimeoutMs + LIMITS.heartbeatMs)
  end
  return true
end

--- Pods that are overdue and own sockets; those that own none are simply forgotten.
local function deadPods()
  local dead = {}
  if lineTime() < line.nextPodDeadline then return dead end
  local overdue =
    redis.call('ZRANGEBYSCORE', keys.pods, '-inf', int(lineTime()), 'LIMIT', 0, DEAD_PODS_PER_TICK)
  for _, pod in ipairs(overdue) do
    if #studentsOfPod(pod, 1) > 0 then
      dead[#dead + 1] = pod
    else
      redis.call('ZREM', keys.pods, pod)
    end
  end
  local first = redis.call('ZRANGE', keys.pods, 0, 0, 'WITHSCORES')
  line.nextPodDeadline = first[2] and tonumber(first[2]) or NEVER
  return dead
end
