import { exactLua, tallyLua, tombstone } from './common-lua.ts'
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
  exactLua,
  tallyLua,
  `
local now = tonumber(ARGV[3])
local count = #KEYS - 3
local fields = { '@' }
for index = 1, count do fields[index + 1] = ARGV[6 * index + 1] end
local known = redis.call('HMGET', KEYS[3], unpack(fields))
local token = known[1]
if ARGV[1] ~= '' and token ~= ARGV[1] then return { 'lost' } end

local unknown = { 'unknown' }
local passed = { 'granted', token or ARGV[2] }
local refused = { 'refused', token or '' }
local fresh = {}
for index = 1, count do
  local key = KEYS[index + 3]
  local argument = 6 * index + 1
  local kind, amount, limit = ARGV[argument + 1], ARGV[argument + 2], ARGV[argument + 3]
  if kind ~= 'h' and not known[index + 1] then unknown[#unknown + 1] = tostring(index) end
  local tally = redis.call('HMGET', key, 'settled', 'held', 'oldest')
  local held = tally[2] or '0'
  local settled = '0'
  local outAfter = ''
  if kind == 's' then outAfter = ARGV[argument + 5] end
  if kind ~= 'h' then settled = settledAt(key, tally[1], tally[3], outAfter, now) end
  if kind == 'f' and not tally[1] and not tally[2] and ARGV[argument + 5] ~= '' then
    fresh[#fresh + 1] = { key, ARGV[argument + 5] }
  end
  local total
  if #settled + #held + #amount <= 15 then
    total = string.format('%.0f', settled + held + amount)
  else
    total = plus(plus(settled, held), amount)
  end
  if above(total, limit) then
    if ARGV[argument + 4] ~= '1' then
      passed[#passed + 1] = tostring(index)
    else
      local freesWith = ''
      if kind == 's' then
        local excess = minus(total, limit)
        local all = redis.call('HGETALL', key)
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
          freed = plus(freed, bucket.amount)
          if not above(excess, freed) then
            freesWith = bucket.text
            break
          end
        end
      end
      for _, value in ipairs({ tostring(index), settled, held, freesWith }) do refused[#refused + 1] = value end
    end
  end
end
if #unknown > 1 then return unknown end
if #refused > 2 then return refused end

if redis.call('HSETNX', KEYS[1], ARGV[2], ARGV[5] .. ARGV[6]) == 1 then
  redis.call('ZADD', KEYS[2], ARGV[4], ARGV[2])
else
  local entry = redis.call('HGET', KEYS[1], ARGV[2])
  if entry == '${tombstone}' then return { 'resolved' } end
  redis.call('HSET', KEYS[1], ARGV[2], entry .. ARGV[6])
end
if not token then redis.call('HSET', KEYS[3], '@', ARGV[2]) end
for index = 1, count do add(KEYS[index + 3], 'held', ARGV[6 * index + 3]) end
for _, key in ipairs(fresh) do redis.call('PEXPIRE', key[1], key[2]) end
return passed
`,
)
