import { commonLua, tombstoneByte } from './common-lua.ts'
import { script } from './script.ts'

/**
 * Changes what a reservation holds in a group, if its entry still is what the caller takes it for: settle, release,
 * drop, resolve and the undoing of a reservation whose answer was lost are all this one step.
 *
 * KEYS: open, deadlines, notes, known, then counters.
 * ARGV: reservation, expected entry (empty: none), next entry (empty: none), deadline of the next;
 * for each counter: change of held, change of settled, its bucket, the counter's name if it must be known,
 * its lifetime if it is new.
 *
 * Replies `done`, or `other entry token`: nothing was changed.
 */
export const changeScript = script(
  'allow-oom',
  commonLua,
  `
local entry = call('HGET', KEYS[1], ARGV[1]) or ''
if entry ~= ARGV[2] then return { 'other', entry, call('HGET', KEYS[4], '@') or '' } end
for index = 5, #KEYS do
  local key = KEYS[index]
  local argument = 5 * (index - 4)
  if ARGV[argument] ~= '0' then add(key, 'held', ARGV[argument]) end
  local known = ARGV[argument + 3]
  if known == '' or call('HEXISTS', KEYS[4], known) == 1 then
    settle(key, ARGV[argument + 1], ARGV[argument + 2])
    if ARGV[argument + 4] ~= '' then call('PEXPIRE', key, ARGV[argument + 4], 'NX') end
  end
end
if ARGV[3] == '' then
  call('HDEL', KEYS[1], ARGV[1])
  call('ZREM', KEYS[2], ARGV[1])
else
  call('HSET', KEYS[1], ARGV[1], ARGV[3])
  if ARGV[4] ~= '' then call('ZADD', KEYS[2], ARGV[4], ARGV[1]) end
end
if ARGV[3] == '' or string.byte(ARGV[3]) == ${tombstoneByte} then call('HDEL', KEYS[3], ARGV[1]) end
return { 'done' }
`,
)
