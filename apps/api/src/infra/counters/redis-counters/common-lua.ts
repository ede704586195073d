/**
 * Exact integers in Lua, whose numbers are doubles: amounts are decimal texts, added by HINCRBY where 64 bits are
 * enough. Where they are not, and for comparing, a number is taken apart into ten digits and the rest, both of which a
 * double holds exactly, so that figures of up to 25 digits are right.
 */
export const exactLua = `
local function split(text)
  local sign = 1
  if string.byte(text) == 45 then
    sign = -1
    text = string.sub(text, 2)
  end
  if #text <= 10 then return 0, sign * tonumber(text) end
  return sign * tonumber(string.sub(text, 1, -11)), sign * tonumber(string.sub(text, -10))
end

-- The same number with 0 <= low < 1e10, so that its sign is that of high, or of low where high is 0.
local function carried(high, low)
  local carry = math.floor(low / 1e10)
  return high + carry, low - carry * 1e10
end

local function text(high, low)
  high, low = carried(high, low)
  local sign = ''
  if high < 0 then
    sign = '-'
    high, low = carried(-high, -low)
  end
  if high == 0 then return sign .. string.format('%.0f', low) end
  return sign .. string.format('%.0f%010.0f', high, low)
end

local function plus(left, right)
  local leftHigh, leftLow = split(left)
  local rightHigh, rightLow = split(right)
  return text(leftHigh + rightHigh, leftLow + rightLow)
end

local function minus(left, right)
  local leftHigh, leftLow = split(left)
  local rightHigh, rightLow = split(right)
  return text(leftHigh - rightHigh, leftLow - rightLow)
end

local function above(left, right)
  if #left <= 15 and #right <= 15 then return tonumber(left) > tonumber(right) end
  local leftHigh, leftLow = split(left)
  local rightHigh, rightLow = split(right)
  local high, low = carried(leftHigh - rightHigh, leftLow - rightLow)
  return high > 0 or (high == 0 and low > 0)
end

local function add(key, field, amount)
  if amount == '0' then return end
  local reply = redis.pcall('HINCRBY', key, field, amount)
  -- Beyond 64 bits: the field goes on as a text that HINCRBY will not take, and comes here each time.
  if type(reply) == 'table' then
    redis.call('HSET', key, field, plus(redis.call('HGET', key, field) or '0', amount))
  end
end
`

/**
 * What a counter keeps: \`settled\`, \`held\`, and for a sliding window one field for each sixtieth of it in which
 * something was settled (\`b<start>\`), of which \`oldest\` is the first, so that the buckets are looked through only
 * when one of them is due. A bucket counts until all of it is out: \`outAfter\` is the window and one sixtieth.
 */
export const tallyLua = `
local function settle(key, amount, bucket)
  if amount == '0' then return end
  add(key, 'settled', amount)
  if bucket == '' then return end
  add(key, 'b' .. bucket, amount)
  local oldest = redis.call('HGET', key, 'oldest')
  if not oldest or tonumber(bucket) < tonumber(oldest) then redis.call('HSET', key, 'oldest', bucket) end
end

local function settledAt(key, settled, oldest, outAfter, now)
  if not settled then return '0' end
  if outAfter == '' or not oldest or oldest + outAfter > now then return settled end
  local fields = redis.call('HGETALL', key)
  local gone = {}
  local first
  for index = 1, #fields, 2 do
    if string.byte(fields[index]) == 98 then
      local start = tonumber(string.sub(fields[index], 2))
      if start + outAfter <= now then
        settled = minus(settled, fields[index + 1])
        gone[#gone + 1] = fields[index]
      elseif not first or start < first.start then
        first = { start = start, text = string.sub(fields[index], 2) }
      end
    end
  end
  if first then
    redis.call('HSET', key, 'settled', settled, 'oldest', first.text)
  else
    redis.call('HSET', key, 'settled', settled)
    gone[#gone + 1] = 'oldest'
  end
  for index = 1, #gone, 1000 do
    redis.call('HDEL', key, unpack(gone, index, math.min(index + 999, #gone)))
  end
  return settled
end
`

/** The text of an entry that stands for a reservation that was resolved, until its record is in the ledger. */
export const tombstone = '#'
