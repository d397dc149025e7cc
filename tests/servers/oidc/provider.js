// An OpenID provider for tests, on the certified library oidc-provider and the login pages that it brings.
// usage: node provider.js PORT CLIENT_ID REDIRECT_URI...
//
// A user logs in with any password; the login name becomes the subject and, without "sub-", the preferred_username.
// PUT /test/faults takes JSON that replaces the faults of before ({} ends them):
//   delay    milliseconds that answers are held back
//   status   this status instead of answers
//   paths    delay and status are for paths that start with one of these (default: all)
//   forge    true: the signatures of ID tokens are wrong
// POST /test/rotate-keys replaces the signing key.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Provider } from 'oidc-provider';

const [port, clientId, ...redirectUris] = process.argv.slice(2);
const issuer = `http://localhost:${port}`;

function newKey(kid) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };
}

function provider(key) {
  const made = new Provider(issuer, {
    // a native client may come back to any port of the loopback interface (RFC 8252)
    clients: [{
      client_id: clientId,
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      redirect_uris: redirectUris,
      grant_types: ['authorization_code'],
      response_types: ['code'],
    }],
    claims: { openid: ['sub'], profile: ['preferred_username'] },
    conformIdTokenClaims: false,
    cookies: { keys: ['a key of the tests'] },
    features: { devInteractions: { enabled: true } },
    jwks: { keys: [key] },
    findAccount: (_, sub) => ({
      accountId: sub,
      claims: () => ({ sub, preferred_username: sub.replace(/^sub-/, '') }),
    }),
  });
  made.on('server_error', (_, error) => console.error(error));
  return made.callback();
}

let key = newKey(randomUUID());
let answer = provider(key);
let faults = {};

// Change the first character of the signature in an answer of the token endpoint.
function forge(response) {
  const end = response.end.bind(response);
  response.end = (body) => end(body.toString().replace(
    /("id_token":"[^."]+\.[^."]+\.)(.)/,
    (_, before, first) => before + (first === 'A' ? 'B' : 'A'),
  ));
}

async function body(request) {
  let text = '';
  for await (const part of request) text += part;
  return text;
}

async function control(request, response) {
  if (request.url === '/test/rotate-keys') {
    key = newKey(randomUUID());
    answer = provider(key);
  } else {
    faults = JSON.parse(await body(request));
  }
  response.writeHead(204).end();
}

createServer(async (request, response) => {
  if (request.url.startsWith('/test/')) return control(request, response);
  const meant = (faults.paths ?? ['/']).some((path) => request.url.startsWith(path));
  if (meant && faults.delay) await pause(faults.delay);
  if (meant && faults.status) {
    return response.writeHead(faults.status, { 'Content-Type': 'text/plain' }).end('out of order');
  }
  if (faults.forge && request.url.startsWith('/token')) forge(response);
  return answer(request, response);
}).listen(Number(port), 'localhost');
