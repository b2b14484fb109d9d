// The counters of a server in the text that Prometheus reads (exposition format 0.0.4).

import type { ServerInfo } from './server.ts'

type Samples = readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[]

/** A line for each counter, with `labels` on all of them. TypeError for a label whose name is none. */
export function prometheusText(info: ServerInfo, labels: Readonly<Record<string, string>> = {}): string {
  for (const name of Object.keys(labels)) {
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name))
      throw new TypeError(`a label must be a name, got ${JSON.stringify(name)}`)
  }
  const metric = (name: string, type: 'counter' | 'gauge', help: string, samples: number | Samples): string => {
    const full = `plainwire_${name}`
    const all: Samples = typeof samples === 'number' ? [[{}, samples]] : samples
    const lines = all.map(([own, value]) => `${full}${labelText({ ...labels, ...own })} ${value}`)
    return [`# HELP ${full} ${help}`, `# TYPE ${full} ${type}`, ...lines, ''].join('\n')
  }
  const closed = Object.entries(info.closed).map(([reason, count]) => [{ reason }, count] as const)
  return [
    metric('up', 'gauge', 'Whether new clients are accepted.', info.state === 'listening' ? 1 : 0),
    metric('connections_accepted_total', 'counter', 'Connections accepted.', info.accepted),
    metric('connections_open', 'gauge', 'Connections being served.', info.open),
    metric('connections_waiting', 'gauge', 'Connections accepted and not served yet.', info.waiting),
    metric('connections_peak', 'gauge', 'Most connections open at one time.', info.peak),
    metric('connections_closed_total', 'counter', 'Connections ended, by reason.', closed),
    metric('health_checks_total', 'counter', 'Health checks of a proxy.', info.healthChecks),
    metric('read_bytes_total', 'counter', 'Bytes from clients.', info.bytesRead),
    metric('written_bytes_total', 'counter', 'Bytes to clients.', info.bytesWritten),
    metric('messages_total', 'counter', 'Reads that brought bytes, of connections that ended.', info.messages),
    metric('out_of_descriptors_total', 'counter', 'Times that descriptors ran out.', info.outOfDescriptors),
    metric('accept_errors_total', 'counter', 'Failures of accept.', info.acceptErrors),
  ].join('')
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escape(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
