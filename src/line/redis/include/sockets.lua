--- The live sockets of a ticket: 'pod/socket pod/socket …' by student, and 'pod/student' by pod.
--@include line

local function socketsOf(student)
  local sockets = {}
  for socket in string.gmatch(redis.call('HGET', keys.sockets, student) or '', '%S+') do
    sockets[#sockets + 1] = socket
  end
  return sockets
end

local function podOf(socket)
  return string.match(socket, '^[^/]+')
end

local function attachSocket(student, sockets, pod, socket)
  sockets[#sockets + 1] = pod .. '/' .. socket
  redis.call('HSET', keys.sockets, student, table.concat(sockets, ' '))
  redis.call('ZADD', keys.podStudents, 0, pod .. '/' .. student)
end

--- Drops the sockets of a pod that `isGone` says are gone. Returns how many the student had, and how many are left.
local function dropSockets(student, pod, isGone)
  local sockets, left, onPod = socketsOf(student), {}, false
  for _, socket in ipairs(sockets) do
    if podOf(socket) ~= pod or not isGone(socket) then
      left[#left + 1] = socket
      onPod = onPod or podOf(socket) == pod
    end
  end
  if #left > 0 then
    redis.call('HSET', keys.sockets, student, table.concat(left, ' '))
  else
    redis.call('HDEL', keys.sockets, student)
  end
  if not onPod then redis.call('ZREM', keys.podStudents, pod .. '/' .. student) end
  return #sockets, #left
end

local function forgetSockets(student)
  local sockets = socketsOf(student)
  if #sockets == 0 then return end
  for _, socket in ipairs(sockets) do redis.call('ZREM', keys.podStudents, podOf(socket) .. '/' .. student) end
  redis.call('HDEL', keys.sockets, student)
end

--- At most `limit` members 'pod/student' of a pod; '0' is the character after '/'.
local function studentsOfPod(pod, limit)
  return redis.call('ZRANGEBYLEX', keys.podStudents, '[' .. pod .. '/', '(' .. pod .. '0', 'LIMIT', 0, limit)
end
