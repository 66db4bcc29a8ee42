// What stands in the configurations of the docs, and what it is in a test: addresses and files of this run, and nothing else.

import type { Gateway } from '../../gateway/harness/gateway.ts'
import type { Proxy } from './proxy.ts'
import type { Changes } from './scene.ts'

/** docs/proxies/nginx.conf and nginx-two.conf. */
export function nginxHere(proxy: Proxy, gateways: readonly Gateway[]): Changes {
  const { crt, key } = proxy.certificate()
  const ports = gateways.length === 1 ? ['8080'] : ['8081', '8082']
  return [
    ['/etc/ssl/live.example.crt', crt],
    ['/etc/ssl/live.example.key', key],
    ['listen 443 ssl', `listen 127.0.0.1:${proxy.port} ssl`],
    ['http \\{', `http {\n  access_log off;\n${folders(proxy)}`],
    ...gateways.map(({ port }, n) => [`127.0.0.1:${ports[n] ?? ''}`, `127.0.0.1:${port}`] as const),
  ]
}

/** docs/proxies/haproxy.cfg. */
export function haproxyHere(proxy: Proxy, gateways: readonly Gateway[]): Changes {
  return [
    ['/etc/ssl/live.example.pem', proxy.certificate().pem],
    // As many files as here may be open.
    ['maxconn 40000', 'maxconn 1000'],
    ['bind :443', `bind 127.0.0.1:${proxy.port}`],
    ...gateways.map(({ port }, n) => [`127.0.0.1:${8081 + n}`, `127.0.0.1:${port}`] as const),
  ]
}

/** nginx as a distribution brings it, with nothing but `lines` for Staywire. */
export function plainNginx(proxy: Proxy, to: readonly Gateway[], lines: string, upstream = ''): string {
  const servers = to.map(({ port }) => `server 127.0.0.1:${port};`).join(' ')
  return `events {}
http {
  access_log off;
${folders(proxy)}
  upstream staywire { ${upstream} ${servers} }
  server {
    listen 127.0.0.1:${proxy.port};
    location / {
      proxy_pass http://staywire;
      proxy_set_header Host $http_host;
      ${lines}
    }
  }
}
`
}

/** The two lines without which nginx upgrades nothing. */
export const UPGRADES = `proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection "upgrade";`

function folders({ folder }: Proxy): string {
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return kinds.map((kind) => `  ${kind}_temp_path ${folder}/${kind};`).join('\n')
}
