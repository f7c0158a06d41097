/** Where data may go: https anywhere, plain http only on this very machine. */
import { ConnectorError, said } from '@ukg-together/kit/error';

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

export function isLoopback(url: URL): boolean {
  return loopback.test(url.hostname);
}

/** Whether what goes to this Redis can be read on the way by no one else: TLS (`rediss:`), or this very machine. Also true of what is no URL. */
export function isPrivateRedis(url: unknown): boolean {
  if (typeof url !== 'string' || !URL.canParse(url)) return true;
  const parsed = new URL(url);
  return parsed.protocol === 'rediss:' || isLoopback(parsed);
}

/** Throws a settings error unless `url` is https, or http on loopback; user info in a URL is refused as well. */
export function requireSecure(url: URL, setting: string): void {
  if (url.username || url.password) {
    throw new ConnectorError('settings', said`${setting} must not hold a user name or password.`, {
      hint: 'Credentials have settings of their own.',
    });
  }
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))) return;
  throw new ConnectorError(
    'settings',
    said`${setting} must start with https:// (plain http is allowed only on 127.0.0.1).`,
  );
}
