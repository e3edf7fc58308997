import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const ROOT = join(__dirname, '..', '..', '..');
const HERE = join(ROOT, 'deploy', 'compose');

const serviceSchema = z.object({
  image: z.string(),
  build: z.object({ context: z.string(), dockerfile: z.string(), target: z.string() }).optional(),
  user: z.string().optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  stop_grace_period: z.string().optional(),
  volumes: z.array(z.string()).default([]),
});

const text = readFileSync(join(HERE, 'compose.yaml'), 'utf8');
const { services, volumes } = z
  .object({ services: z.record(z.string(), serviceSchema), volumes: z.record(z.string(), z.unknown()) })
  .parse(parse(text, { merge: true }));
const pods = Object.entries(services).filter(([name]) => name.startsWith('pod-'));

describe('the compose file', () => {
  it('has nginx, two pods, Redis 7 and MySQL 8, each with a health check', () => {
    expect(Object.keys(services).sort()).toEqual(['issuer', 'mysql', 'nginx', 'pod-1', 'pod-2', 'redis']);
    expect(services.redis?.image).toMatch(/^redis:7/);
    expect(services.mysql?.image).toMatch(/^mysql:8/);
    for (const name of ['nginx', 'pod-1', 'pod-2', 'redis', 'mysql']) {
      expect(services[name]?.healthcheck?.test.length).toBeGreaterThan(1);
    }
  });

  it('starts each service only after what it needs is healthy', () => {
    for (const { depends_on } of Object.values(services)) {
      for (const [name, { condition }] of Object.entries(depends_on)) {
        expect([name, condition]).toEqual([name, 'service_healthy']);
        expect(services[name]?.healthcheck).toBeDefined();
      }
    }
    for (const [, pod] of pods) expect(Object.keys(pod.depends_on).sort()).toEqual(['mysql', 'redis']);
    expect(Object.keys(services.nginx?.depends_on ?? {})).toEqual(pods.map(([name]) => name));
  });

  it('runs the nginx configuration that the tests run, in front of every pod', () => {
    const mounts = (services.nginx?.volumes ?? []).map((volume) => volume.split(':'));
    const places = Object.fromEntries(mounts.map(([source = '', target = '']) => [target, resolve(HERE, source)]));
    const command = services.nginx?.command ?? [];
    const configuration = command[command.indexOf('-c') + 1] ?? '';
    expect(places[configuration]).toBe(join(ROOT, 'deploy', 'nginx', 'nginx.conf'));
    const listed = readFileSync(places['/etc/sunbeon/pods.conf'] ?? '', 'utf8');
    expect(listed.trim().split('\n')).toEqual(pods.map(([name]) => `server ${name}:3000 max_fails=0;`));
    expect(existsSync(places['/etc/sunbeon/listen.conf'] ?? '')).toBe(true);
  });

  it('gives every pod the same keys and stores, so that any of them can serve any student', () => {
    const environments = pods.map(([, { environment }]) => environment);
    expect(new Set(environments.map((environment) => JSON.stringify(environment))).size).toBe(1);
    expect(Object.keys(environments[0] ?? {})).toEqual(
      expect.arrayContaining(['REDIS_URL', 'DATABASE_URL', 'SIGNING_KEYS', 'OPERATOR_TOKENS', 'TRUSTED_PROXIES']),
    );
  });

  it('holds no secret: each comes from .env, and the start stops without it', () => {
    const secrets = ['SIGNING_KEYS', 'OPERATOR_TOKENS', 'METRICS_TOKEN', 'MYSQL_PASSWORD'];
    const example = readFileSync(join(HERE, '.env.example'), 'utf8');
    for (const name of secrets) {
      expect(text).toContain(`\${${name}:?`);
      expect(example).toMatch(new RegExp(`^${name}=$`, 'm'));
    }
    expect(readFileSync(join(HERE, '.gitignore'), 'utf8')).toMatch(/^\.env$/m);
  });

  it('lets a pod drain before it is killed, and keeps what the stores hold', () => {
    for (const [, pod] of pods) expect(parseInt(pod.stop_grace_period ?? '0', 10)).toBeGreaterThan(20);
    for (const store of ['redis', 'mysql']) {
      const named = (services[store]?.volumes ?? []).map((volume) => volume.split(':')[0] ?? '');
      expect(named.every((name) => name in volumes)).toBe(true);
      expect(named.length).toBeGreaterThan(0);
    }
  });

  it('builds its images from stages that are there', () => {
    for (const { build } of Object.values(services)) {
      if (!build) continue;
      const dockerfile = readFileSync(resolve(HERE, build.context, build.dockerfile), 'utf8');
      expect(dockerfile).toMatch(new RegExp(`^FROM \\S+ AS ${build.target}$`, 'm'));
    }
  });
});
