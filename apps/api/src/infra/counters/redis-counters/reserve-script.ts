import { commonLua, tombstoneByte } from './common-lua.ts'
import { script } from './script.ts'

/**
 * Takes all holds or none.
 *
 * KEYS: open, deadlines, known, then the counter of each hold.
 * ARGV: token, reservation, at, deadline, head of the entry, lines of the entry;
 * for each hold: counter, `h` | `f` | `s`, amount, limit, `1` if hard, lifetime of a new `f` or what `s` is out after.
 *
 * Replies `granted token passed...` | `refused token (index settled held bucket)...` | `unknown index...`: counters that
 * nobody filled | `lost`: not the group that this process has worked with | `resolved`: the reservation is over.
 *
 * The token is what shows that a group was lost while the connection stayed: it is made with the group, and differs
 * from the one that this process remembers when somebody else made the group anew.
 */
export const reserveScript = script(
  '',
  commonLua,
  `
local now = tonumber(ARGV[3])
local count = #KEYS - 3
local fields = { '@' }
for index = 1, count do fields[index + 1] = ARGV[6 * index + 1] end
local known = call('HMGET', KEYS[3], unpack(fields))
local token = known[1]
if ARGV[1] ~= '' and token ~= ARGV[1] then return { 'lost' } end

-- The bucket of a sliding window with which enough of it is out.
local function freesWith(key, excess)
  local all = call('HGETALL', key)
  local buckets = {}
  for field = 1, #all, 2 do
    if string.byte(all[field]) == 98 then
      local start = string.sub(all[field], 2)
      buckets[#buckets + 1] = { at = tonumber(start), text = start, amount = all[field + 1] }
    end
  end
  table.sort(buckets, function(left, right) return left.at < right.at end)
  local freed = '0'
  for _, bucket in ipairs(buckets) do
    freed = exact().plus(freed, bucket.amount)
    if not exact().isAbove(excess, freed) then return bucket.text end
  end
  return ''
end

local granted = { 'granted', token or ARGV[2] }
local refused, unknown, fresh
for index = 1, count do
  local key = KEYS[index + 3]
  local argument = 6 * index + 1
  local kind, amount, limit = ARGV[argument + 1], ARGV[argument + 2], ARGV[argument + 3]
  local settled, held = '0', nil
  if kind == 'h' then
    held = call('HGET', key, 'held') or '0'
  else
    if not known[index + 1] then
      unknown = unknown or { 'unknown' }
      unknown[#unknown + 1] = tostring(index)
    end
    local extra = ARGV[argument + 5]
    local tally
    if kind == 's' then
      tally = call('HMGET', key, 'held', 'settled', 'oldest')
      if tally[3] and tally[3] + extra <= now then tally[2] = settledAfter(key, tally[2], extra, now) end
    else
      tally = call('HMGET', key, 'held', 'settled')
      if extra ~= '' and not tally[1] and not tally[2] then
        fresh = fresh or {}
        fresh[#fresh + 1] = { key, extra }
      end
    end
    held, settled = tally[1] or '0', tally[2] or '0'
  end
  local isAbove
  if #settled <= 15 and #held <= 15 and #amount <= 15 then
    -- A limit that a double does not hold is beyond such a sum, rounded or not.
    isAbove = settled + held + amount > tonumber(limit)
  else
    isAbove = exact().isAbove(exact().plus(exact().plus(settled, held), amount), limit)
  end
  if isAbove and ARGV[argument + 4] ~= '1' then
    granted[#granted + 1] = tostring(index)
  elseif isAbove then
    refused = refused or { 'refused', token or '' }
    local bucket = ''
    if kind == 's' then
      local total = exact().plus(exact().plus(settled, held), amount)
      bucket = freesWith(key, exact().minus(total, limit))
    end
    for _, value in ipairs({ tostring(index), settled, held, bucket }) do refused[#refused + 1] = value end
  end
end
if unknown then return unknown end
if refused then return refused end

if call('HSETNX', KEYS[1], ARGV[2], ARGV[5] .. ARGV[6]) == 1 then
  call('ZADD', KEYS[2], ARGV[4], ARGV[2])
else
  local entry = call('HGET', KEYS[1], ARGV[2])
  if string.byte(entry) == ${tombstoneByte} then return { 'resolved' } end
  call('HSET', KEYS[1], ARGV[2], entry .. ARGV[6])
end
if not token then call('HSET', KEYS[3], '@', ARGV[2]) end
for index = 1, count do
  local amount = ARGV[6 * index + 3]
  if amount ~= '0' then add(KEYS[index + 3], 'held', amount) end
end
if fresh then
  for _, key in ipairs(fresh) do call('PEXPIRE', key[1], key[2]) end
end
return granted
`,
)
