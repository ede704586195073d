import { commonLua, lastTombstone, tombstone, tombstoneByte } from './common-lua.ts'
import { script } from './script.ts'

/**
 * Reads counters of a group. KEYS: counters. ARGV: at, then for each what its sliding window is out after.
 * Replies settled and held of each.
 */
export const readScript = script(
  'allow-oom',
  commonLua,
  `
local now = tonumber(ARGV[1])
local readings = {}
for index, key in ipairs(KEYS) do
  local tally = redis.call('HMGET', key, 'settled', 'held', 'oldest')
  local outAfter = ARGV[index + 1]
  if outAfter ~= '' and tally[3] and tally[3] + outAfter <= now then
    tally[1] = settledAfter(key, tally[1], outAfter, now)
  end
  readings[2 * index - 1] = tally[1] or '0'
  readings[2 * index] = tally[2] or '0'
end
return readings
`,
)

/**
 * Fills a counter that is not known. KEYS: known, counter. ARGV: token for a new group, counter, lifetime, then pairs
 * of bucket and amount.
 */
export const seedScript = script(
  '',
  commonLua,
  `
if redis.call('HSETNX', KEYS[1], ARGV[2], '1') == 0 then return { 'known' } end
redis.call('HSETNX', KEYS[1], '@', ARGV[1])
for index = 4, #ARGV, 2 do settle(KEYS[2], ARGV[index + 1], ARGV[index]) end
if ARGV[3] ~= '' then redis.call('PEXPIRE', KEYS[2], ARGV[3], 'NX') end
return { 'seeded' }
`,
)

/**
 * Adds corrections to known counters. KEYS: known, counters. ARGV: at, then for each counter its name, amount, bucket,
 * lifetime and what its sliding window is out after.
 *
 * A correction downward takes from the bucket of what it corrects, then from older ones, and never more than there is.
 * Otherwise what is settled would rise with time alone, past the limit, or fall below what was used.
 */
export const adjustScript = script(
  '',
  commonLua,
  `
local function takeBack(key, left, outAfter)
  local settled = call('HGET', key, 'settled')
  if not settled then return end
  settled = settledAfter(key, settled, outAfter, tonumber(ARGV[1]))
  local all = call('HGETALL', key)
  local buckets = {}
  for field = 1, #all, 2 do
    local at = string.byte(all[field]) == 98 and tonumber(string.sub(all[field], 2))
    if at and at <= tonumber(ARGV[1]) then
      buckets[#buckets + 1] = { at = at, name = all[field], amount = all[field + 1] }
    end
  end
  table.sort(buckets, function(one, other) return one.at > other.at end)
  for _, bucket in ipairs(buckets) do
    local taken = left
    if exact().isAbove(left, bucket.amount) then taken = bucket.amount end
    settled = exact().minus(settled, taken)
    left = exact().minus(left, taken)
    call('HSET', key, bucket.name, exact().minus(bucket.amount, taken), 'settled', settled)
  end
end

for index = 2, #KEYS do
  local argument = 5 * index - 8
  if redis.call('HEXISTS', KEYS[1], ARGV[argument]) == 1 then
    local amount, outAfter = ARGV[argument + 1], ARGV[argument + 4]
    if outAfter ~= '' and string.byte(amount) == 45 then
      takeBack(KEYS[index], string.sub(amount, 2), outAfter)
    else
      settle(KEYS[index], amount, ARGV[argument + 2])
    end
    if ARGV[argument + 3] ~= '' then redis.call('PEXPIRE', KEYS[index], ARGV[argument + 3], 'NX') end
  end
end
return { 'done' }
`,
)

/**
 * Puts a reservation back, once. KEYS: open, deadlines, notes, known, counters. ARGV: reservation, entry, deadline, note,
 * token for a new group; for each counter: amount, lifetime. Replies whether it was there, and the group's token.
 */
export const restoreScript = script(
  '',
  commonLua,
  `
redis.call('HSETNX', KEYS[4], '@', ARGV[5])
local token = redis.call('HGET', KEYS[4], '@')
if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 0 then return { 'present', token } end
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
if ARGV[4] ~= '' then redis.call('HSET', KEYS[3], ARGV[1], ARGV[4]) end
for index = 5, #KEYS do
  local amount = ARGV[2 * index - 4]
  if amount ~= '0' then add(KEYS[index], 'held', amount) end
  local lifetime = ARGV[2 * index - 3]
  if lifetime ~= '' then redis.call('PEXPIRE', KEYS[index], lifetime, 'NX') end
end
return { 'restored', token }
`,
)

/**
 * What is past its deadline, oldest first. A tombstone that is found has a last deadline, and goes when it is found again.
 * KEYS: open, deadlines, notes. ARGV: at, how many, last deadline. Replies reservation, entry and note of each.
 */
export const expiredScript = script(
  'allow-oom',
  `
local wanted = tonumber(ARGV[2])
local found = {}
local skipped = 0
repeat
  local asked = wanted - skipped
  local due = redis.call('ZRANGE', KEYS[2], '-inf', ARGV[1], 'BYSCORE', 'LIMIT', skipped, asked)
  for _, reservation in ipairs(due) do
    local entry = redis.call('HGET', KEYS[1], reservation)
    if entry == '${tombstone}' then
      redis.call('HSET', KEYS[1], reservation, '${lastTombstone}')
      redis.call('ZADD', KEYS[2], ARGV[3], reservation)
    elseif not entry or entry == '${lastTombstone}' then
      redis.call('HDEL', KEYS[1], reservation)
      redis.call('ZREM', KEYS[2], reservation)
    else
      skipped = skipped + 1
      found[#found + 1] = reservation
      found[#found + 1] = entry
      found[#found + 1] = redis.call('HGET', KEYS[3], reservation) or ''
    end
  end
until #due < asked or skipped >= wanted
return found
`,
)

/** Clears tombstones away. KEYS: open, deadlines. ARGV: reservations. */
export const forgetScript = script(
  'allow-oom',
  `
for _, reservation in ipairs(ARGV) do
  local entry = redis.call('HGET', KEYS[1], reservation)
  if entry and string.byte(entry) == ${tombstoneByte} then
    redis.call('HDEL', KEYS[1], reservation)
    redis.call('ZREM', KEYS[2], reservation)
  end
end
return { 'done' }
`,
)

/**
 * Names the generation that all processes use, unless the store was lost since it was begun.
 * KEYS: epoch, building. ARGV: marker of the building, text of the epoch.
 */
export const publishScript = script(
  '',
  `
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return { 'lost' } end
redis.call('SET', KEYS[1], ARGV[2])
redis.call('DEL', KEYS[2])
return { 'published' }
`,
)
