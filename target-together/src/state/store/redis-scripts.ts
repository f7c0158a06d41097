/**
 * Every write of a run to Redis, each one step that happens whole or not at all, and only while the run's lock is its own. They
 * may arrive twice (a broken connection hides whether the first one did): the second time changes nothing.
 *
 * KEYS lock, files, then the chunks written; ARGV the lock's token, the file's name, its entry before ("" for none), its entry
 * after, then what each script says. An entry is "<id> <size> <nonce>". Answers 'ok', 'lost' (the lock is gone), the token of
 * another holder, or 'moved': the entry is not what this run left there.
 */
const guarded = (body: string) => `
local held = redis.call('GET', KEYS[1])
if not held then return 'lost' end
if held ~= ARGV[1] then return held end
local entry = redis.call('HGET', KEYS[2], ARGV[2]) or ''
if entry == ARGV[4] then return 'ok' end
if entry ~= ARGV[3] then return 'moved' end
${body}
return 'ok'`;

/** ARGV[5…]: for each chunk where its bytes go, and the bytes. */
export const appendScript = guarded(`
for i = 3, #KEYS do redis.call('SETRANGE', KEYS[i], ARGV[2 * i - 1], ARGV[2 * i]) end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[4])`);

/** The file becomes another one, or none where ARGV[4] is empty. KEYS[3]: the waste; ARGV[5]: "<id> <chunks>" for it, or empty. */
export const switchScript = guarded(`
if ARGV[4] == '' then redis.call('HDEL', KEYS[2], ARGV[2]) else redis.call('HSET', KEYS[2], ARGV[2], ARGV[4]) end
if ARGV[5] ~= '' then redis.call('SADD', KEYS[3], ARGV[5]) end
if ARGV[6] ~= '' then redis.call('SREM', KEYS[3], ARGV[6]) end`);
