/** Whatever UKG's pages show as an address, as the one origin that the API has. */
import { ConnectorError, type Sentence, said } from '@ukg-together/kit/error';
import { isLoopback } from '@ukg-together/transport/http/url';

const hint =
  'Copy any address from System Configuration > Security > Web Services in UKG Pro, e.g. https://service5.ultipro.com.';

/**
 * `Servicet`, `servicet.ultipro.com`, `http://Servicet.ultipro.com/services/BIDataService` → `https://servicet.ultipro.com`.
 * Path, query and case are dropped, https is forced; on loopback the scheme stays (http when none is given).
 * Returns an origin without a trailing slash. Throws ConnectorError 'settings'.
 */
export function normaliseBaseUrl(text: string): string {
  const given = text.trim();
  if (given === '') throw fault(said`base_url is empty.`);
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(given)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https')
    throw fault(said`base_url starts with ${scheme}://.`);
  const url = parse(scheme === undefined ? `https://${given}` : given);
  if (url.username || url.password) throw fault(said`base_url must not hold a user name or password.`);
  if (isLoopback(url)) {
    // Parsed again with its real scheme: a default port of the other scheme must not get lost.
    return parse(`${scheme ?? 'http'}://${authority(given)}`).origin;
  }
  if (!url.hostname.includes('.') && !url.hostname.startsWith('[')) url.hostname = `${url.hostname}.ultipro.com`;
  if (/(^|\.)ultiproworkplace\.com$/.test(url.hostname)) {
    throw fault(said`base_url names ${url.hostname}, where people log in; the API lives on another host.`);
  }
  // A UKG page shows http:// without a port; port 80 said aloud means the same and must not become https on port 80.
  if (url.port === '80') url.port = '';
  url.protocol = 'https:';
  return `https://${url.host}`;
}

function authority(given: string): string {
  return given.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').replace(/[/?#].*$/s, '');
}

function parse(text: string): URL {
  try {
    const url = new URL(text);
    // Dots at the ends, spaces in the middle: URL accepts some of them and no server has such a name.
    if (url.hostname === '' || /\s|^\.|\.\.|\.$|%/.test(url.hostname)) throw fault(said`base_url is not a host name.`);
    return url;
  } catch (thrown) {
    if (thrown instanceof ConnectorError) throw thrown;
    throw fault(said`base_url is not a host name or an address.`);
  }
}

function fault(message: Sentence): ConnectorError {
  return new ConnectorError('settings', message, { hint });
}
