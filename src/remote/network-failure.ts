import { quote, TphError } from '../values/error.ts';

/** That no whole answer came, and what is known of the request. */
export interface NetworkFailure {
  readonly error: TphError;
  /** Nothing of the request can have reached the instance. */
  readonly unsent: boolean;
  /** Another attempt may fare better. */
  readonly passing: boolean;
}

interface Kind {
  readonly says: (host: string) => string;
  readonly hint: string;
  readonly unsent?: true;
  readonly passing?: true;
}

const IS_IT_UP = 'check that it is running and that the profile’s address is right: `tph profile list`';
const CERTIFICATE = 'a certificate of your own authority is trusted when NODE_EXTRA_CA_CERTS names its file';

/** By the codes of Node’s sockets and of its HTTP client. */
const KINDS: Readonly<Record<string, Kind>> = {
  ENOTFOUND: {
    says: (host) => `no address is known for the host ${host}`,
    hint: 'check the profile’s address: `tph profile list`',
    unsent: true,
  },
  EAI_AGAIN: {
    says: (host) => `the name of the host ${host} could not be looked up just now`,
    hint: 'check the network, and try again',
    unsent: true,
    passing: true,
  },
  ECONNREFUSED: {
    says: (host) => `nothing listens at ${host}: the connection was refused`,
    hint: IS_IT_UP,
    unsent: true,
    passing: true,
  },
  EHOSTUNREACH: {
    says: (host) => `there is no way to ${host}`,
    hint: 'check the network',
    unsent: true,
    passing: true,
  },
  ENETUNREACH: {
    says: (host) => `there is no way to ${host}`,
    hint: 'check the network',
    unsent: true,
    passing: true,
  },
  UND_ERR_CONNECT_TIMEOUT: {
    says: (host) => `${host} could not be reached in time`,
    hint: IS_IT_UP,
    unsent: true,
    passing: true,
  },
  ETIMEDOUT: { says: (host) => `${host} did not answer in time`, hint: IS_IT_UP, passing: true },
  ECONNRESET: { says: (host) => `${host} cut the connection`, hint: 'try again', passing: true },
  EPIPE: { says: (host) => `${host} cut the connection`, hint: 'try again', passing: true },
  UND_ERR_SOCKET: { says: (host) => `${host} cut the connection`, hint: 'try again', passing: true },
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: {
    says: (host) => `the answer of ${host} was cut short`,
    hint: 'try again',
    passing: true,
  },
  UND_ERR_HEADERS_OVERFLOW: { says: (host) => `${host} sent too many headers`, hint: IS_IT_UP },
  CERT_HAS_EXPIRED: {
    says: (host) => `the TLS certificate of ${host} has expired`,
    hint: 'whoever runs the instance must renew it; check this machine’s clock too',
    unsent: true,
  },
  CERT_NOT_YET_VALID: {
    says: (host) => `the TLS certificate of ${host} is not valid yet`,
    hint: 'check this machine’s clock',
    unsent: true,
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    says: (host) => `the TLS certificate is not for ${host}`,
    hint: 'check the profile’s address: `tph profile list`',
    unsent: true,
  },
};

const untrusted: Kind = {
  says: (host) => `the TLS certificate of ${host} is not trusted here`,
  hint: CERTIFICATE,
  unsent: true,
};
const noTls: Kind = {
  says: (host) => `no TLS connection can be made to ${host}`,
  hint: 'check whether the address must begin with http:// rather than https://',
  unsent: true,
};
const noHttp: Kind = {
  says: (host) => `what ${host} answers is not HTTP`,
  hint: 'check the port, and whether the address must begin with https://',
};
const cut: Kind = KINDS['UND_ERR_SOCKET'] as Kind;

/** What became of a request that `fetch` gave up on. */
export function networkFailure(error: unknown, url: string): NetworkFailure {
  const { host } = new URL(url);
  const codes = codesOf(error);
  const kind = kindOf(codes) ?? {
    says: (at: string) => `the connection to ${at} failed${codes[0] === undefined ? '' : ` (${codes[0]})`}`,
    hint: IS_IT_UP,
  };
  return {
    error: new TphError('UNAVAILABLE', kind.says(quote(host)), { hint: kind.hint, cause: error }),
    unsent: kind.unsent === true,
    passing: kind.passing === true,
  };
}

function kindOf(codes: readonly string[]): Kind | undefined {
  for (const code of codes) {
    const known = KINDS[code];
    if (known !== undefined) return known;
    if (/SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|CERT_|_CERT/.test(code)) return untrusted;
    if (/^(ERR_SSL|EPROTO|ERR_TLS)/.test(code)) return noTls;
    if (/^HPE_/.test(code)) return noHttp;
    if (code === 'terminated') return cut;
  }
  return undefined;
}

/** The codes along the chain of causes, outermost first; of an error without one, `fetch` has a message that says it. */
function codesOf(error: unknown): readonly string[] {
  const codes: string[] = [];
  for (let one = error, depth = 0; one instanceof Error && depth < 5; one = one.cause, depth += 1) {
    if ('code' in one && typeof one.code === 'string') codes.push(one.code);
    // Node 24 gives it no code.
    else if (one.name === 'HTTPParserError') codes.push('HPE_INVALID_CONSTANT');
    else if (one instanceof AggregateError)
      codes.push(...one.errors.flatMap((inner) => [...codesOf(inner)]).slice(0, 1));
    else if (one.message === 'terminated' && one.cause === undefined) codes.push('terminated');
  }
  return codes;
}
