// deploy/kubernetes.yaml, read by PyYAML, since no cluster can be had here: its fields are those of the API (v1.34), its
// names agree with each other, and its times with the program that it runs.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { findProgram, runProgram } from '@plainwire/testing'
import { describe, expect, test } from 'vitest'

const read = (relative: string): string => readFileSync(fileURLToPath(new URL(relative, import.meta.url)), 'utf8')

const python = findProgram('python3') ?? 'python3'
const hasYaml = spawnSync(python, ['-c', 'import yaml']).status === 0
const isRequired = Boolean(process.env['CI']) && process.env['PLAINWIRE_PEERS'] !== 'optional'
test.runIf(isRequired)('CI has what reads the manifest, python3-yaml', () => expect(hasYaml).toBe(true))
if (!hasYaml) process.stderr.write('\n!!! SKIPPED: deploy/kubernetes.yaml — python3-yaml is not installed\n\n')

type Kind = 'object' | 'string' | 'number' | readonly unknown[] | { readonly [field: string]: unknown }

const probe = { tcpSocket: { port: 'string' }, periodSeconds: 'number', failureThreshold: 'number' }
const labels = 'object'
/** Of the API reference, as much as we use. */
const FIELDS: Readonly<Record<string, Kind>> = {
  'apps/v1 Deployment': {
    replicas: 'number',
    selector: { matchLabels: labels },
    strategy: { rollingUpdate: { maxUnavailable: 'number', maxSurge: 'number' } },
    template: {
      metadata: { labels },
      spec: {
        terminationGracePeriodSeconds: 'number',
        containers: [
          {
            name: 'string',
            image: 'string',
            command: ['string'],
            ports: [{ name: 'string', containerPort: 'number' }],
            startupProbe: probe,
            readinessProbe: probe,
            livenessProbe: probe,
            lifecycle: { preStop: { exec: { command: ['string'] } } },
            resources: { requests: { cpu: 'string', memory: 'string' }, limits: { memory: 'string' } },
          },
        ],
      },
    },
  },
  'v1 Service': { selector: labels, ports: [{ name: 'string', port: 'number', targetPort: 'string' }] },
  'policy/v1 PodDisruptionBudget': { maxUnavailable: 'number', selector: { matchLabels: labels } },
}

/** Where a value is not what the API has there. */
function faults(value: unknown, kind: unknown, path: string): string[] {
  if (typeof kind === 'string') return typeof value === kind ? [] : [`${path} must be ${kind}`]
  if (Array.isArray(kind)) {
    if (!Array.isArray(value)) return [`${path} must be a list`]
    return value.flatMap((item, index) => faults(item, kind[0], `${path}[${index}]`))
  }
  if (typeof value !== 'object' || value === null) return [`${path} must be an object`]
  const fields = kind as Record<string, unknown>
  return Object.entries(value).flatMap(([name, part]) =>
    name in fields ? faults(part, fields[name], `${path}.${name}`) : [`${path} has no ${name}`],
  )
}

interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly spec: unknown
}

interface Deployment {
  readonly selector: { readonly matchLabels: object }
  readonly strategy: { readonly rollingUpdate: { readonly maxUnavailable: number } }
  readonly template: {
    readonly metadata: { readonly labels: object }
    readonly spec: {
      readonly terminationGracePeriodSeconds: number
      readonly containers: readonly [
        Record<
          'startupProbe' | 'readinessProbe' | 'livenessProbe',
          { readonly tcpSocket: { readonly port: string } }
        > & {
          readonly command: readonly string[]
          readonly ports: readonly { readonly name: string; readonly containerPort: number }[]
          readonly lifecycle: { readonly preStop: { readonly exec: { readonly command: readonly string[] } } }
        },
      ]
    }
  }
}

interface Specs {
  readonly Deployment: Deployment
  readonly Service: {
    readonly selector: object
    readonly ports: readonly { readonly port: number; readonly targetPort: string }[]
  }
  readonly PodDisruptionBudget: Pick<Deployment, 'selector'>
}

describe.skipIf(!hasYaml)('deploy/kubernetes.yaml', () => {
  const asJson = 'import json, sys, yaml; print(json.dumps(list(yaml.safe_load_all(open(sys.argv[1])))))'
  const manifests = (): readonly Manifest[] =>
    JSON.parse(
      runProgram(python, ['-c', asJson, fileURLToPath(new URL('../../deploy/kubernetes.yaml', import.meta.url))]),
    ) as readonly Manifest[]
  const specOf = <K extends keyof Specs>(kind: K): Specs[K] =>
    manifests().find((one) => one.kind === kind)?.spec as Specs[K]

  test('has the objects of the API that it names, and their fields alone', () => {
    expect(manifests().map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)).toEqual(Object.keys(FIELDS))
    for (const { apiVersion, kind, metadata, spec, ...rest } of manifests()) {
      expect(faults(spec, FIELDS[`${apiVersion} ${kind}`], kind)).toEqual([])
      expect(metadata).toEqual({ name: 'plainwire' })
      expect(rest).toEqual({})
    }
  })

  test('the service and the budget select the pods, by labels and a port that these have', () => {
    const { selector, template, strategy } = specOf('Deployment')
    const [{ ports, command, startupProbe, readinessProbe, livenessProbe }] = template.spec.containers
    const service = specOf('Service')
    expect(selector.matchLabels).toEqual(template.metadata.labels)
    expect(service.selector).toEqual(template.metadata.labels)
    expect(specOf('PodDisruptionBudget').selector).toEqual(selector)
    const [port] = ports
    for (const { tcpSocket } of [startupProbe, readinessProbe, livenessProbe]) expect(tcpSocket.port).toBe(port?.name)
    expect(service.ports).toMatchObject([{ targetPort: port?.name }])
    expect(command.at(-1)).toBe(String(port?.containerPort))
    expect(strategy.rollingUpdate.maxUnavailable).toBe(0)
  })

  test('a pod has time to be taken out of the service and to drain before it is killed', () => {
    const { terminationGracePeriodSeconds, containers } = specOf('Deployment').template.spec
    const [sleep, seconds] = containers[0].lifecycle.preStop.exec.command
    expect(sleep).toBe('sleep')
    const graceMs = /graceMs: ([0-9_]+)/.exec(read('../../examples/fleet-backend.ts'))?.[1]?.replaceAll('_', '')
    expect(terminationGracePeriodSeconds).toBeGreaterThan(Number(seconds) + Number(graceMs) / 1000)
  })
})
