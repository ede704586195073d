/**
 * What scripts have in common. Amounts are decimal texts, because Lua's numbers are doubles: HINCRBY adds them where 64
 * bits are enough. For what is beyond, and for comparing, \`exact\` takes a number apart into ten digits and the rest,
 * both of which a double holds, so that figures of up to 25 digits are right.
 *
 * Its functions are made only by the few calls that need them: a script's functions are made anew at each call.
 */
const exactLua = `
local call = redis.call
local made
local function exact()
  if made then return made end
  made = {}

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

  local function join(high, low)
    high, low = carried(high, low)
    local sign = ''
    if high < 0 then
      sign = '-'
      high, low = carried(-high, -low)
    end
    if high == 0 then return sign .. string.format('%.0f', low) end
    return sign .. string.format('%.0f%010.0f', high, low)
  end

  function made.plus(left, right)
    local leftHigh, leftLow = split(left)
    local rightHigh, rightLow = split(right)
    return join(leftHigh + rightHigh, leftLow + rightLow)
  end

  function made.minus(left, right)
    local leftHigh, leftLow = split(left)
    local rightHigh, rightLow = split(right)
    return join(leftHigh - rightHigh, leftLow - rightLow)
  end

  function made.isAbove(left, right)
    local leftHigh, leftLow = split(left)
    local rightHigh, rightLow = split(right)
    local high, low = carried(leftHigh - rightHigh, leftLow - rightLow)
    return high > 0 or (high == 0 and low > 0)
  end

  return made
end

local pcall = redis.pcall
local function add(key, field, amount)
  -- Beyond 64 bits: the field goes on as a text that HINCRBY will not take, and comes here each time.
  if type(pcall('HINCRBY', key, field, amount)) == 'table' then
    call('HSET', key, field, exact().plus(call('HGET', key, field) or '0', amount))
  end
end
`

/**
 * What a counter keeps: \`settled\`, \`held\`, and for a sliding window one field for each sixtieth of it in which
 * something was settled (\`b<start>\`), of which \`oldest\` is the first, so that the buckets are looked through only
 * when one of them is due. A bucket counts until all of it is out: \`outAfter\` is the window and one sixtieth.
 */
const tallyLua = `
local function settle(key, amount, bucket)
  if amount == '0' then return end
  add(key, 'settled', amount)
  if bucket == '' then return end
  add(key, 'b' .. bucket, amount)
  local oldest = call('HGET', key, 'oldest')
  if not oldest or tonumber(bucket) < tonumber(oldest) then call('HSET', key, 'oldest', bucket) end
end

-- Some bucket is out: what is left without it.
local function settledAfter(key, settled, outAfter, now)
  local fields = call('HGETALL', key)
  local gone = {}
  local first
  for index = 1, #fields, 2 do
    if string.byte(fields[index]) == 98 then
      local start = tonumber(string.sub(fields[index], 2))
      if start + outAfter <= now then
        settled = exact().minus(settled, fields[index + 1])
        gone[#gone + 1] = fields[index]
      elseif not first or start < first.start then
        first = { start = start, text = string.sub(fields[index], 2) }
      end
    end
  end
  if first then
    call('HSET', key, 'settled', settled, 'oldest', first.text)
  else
    call('HSET', key, 'settled', settled)
    gone[#gone + 1] = 'oldest'
  end
  for index = 1, #gone, 1000 do
    call('HDEL', key, unpack(gone, index, math.min(index + 999, #gone)))
  end
  return settled
end
`

export const commonLua = exactLua + tallyLua

/** What stands for a reservation that was resolved, until its record is in the ledger. */
export const tombstone = '#'

/** One that was found past its deadline, and then has a last one. */
export const lastTombstone = '##'

/** The first byte of both. */
export const tombstoneByte = 35

export function isTombstone(entry: string): boolean {
  return entry === tombstone || entry === lastTombstone
}
