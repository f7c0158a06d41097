/**
 * Every write of a run to Redis, each one step that happens whole or not at all, and only while the run's lock is its own. They
 * may arrive twice (a broken connection hides whether the first one did): the second time changes nothing.
 *
 * KEYS lock, directory, then what each script says; ARGV the lock's token, the tag of the directory before ("" for none), the
 * directory after, then what each script says. Answers 'ok', 'lost' (the lock is gone), the token of another holder, or 'moved':
 * the directory is not what this run left there.
 */
const guarded = (body: string) => `
local held = redis.call('GET', KEYS[1])
if not held then return 'lost' end
if held ~= ARGV[1] then return held end
local tag = redis.call('GETRANGE', KEYS[2], -16, -1)
if tag == string.sub(ARGV[3], -16) then return 'ok' end
if tag ~= ARGV[2] then return 'moved' end
${body}
redis.call('SET', KEYS[2], ARGV[3])
return 'ok'`;

/** KEYS[3…]: the chunks; ARGV[4…]: for each where its bytes go, and the bytes. */
export const appendScript = guarded(`
for i = 3, #KEYS do redis.call('SETRANGE', KEYS[i], ARGV[2 * i - 2], ARGV[2 * i - 1]) end`);

/** A file becomes another one, or none. KEYS[3]: the garbage; ARGV[4] goes into it, ARGV[5] out of it ("<id> <chunks>", or empty). */
export const switchScript = guarded(`
if ARGV[4] ~= '' then redis.call('SADD', KEYS[3], ARGV[4]) end
if ARGV[5] ~= '' then redis.call('SREM', KEYS[3], ARGV[5]) end`);
