import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from '@plainwire/testing'
import { describe, expect, test } from 'vitest'
import { loadServices, loadServicesFrom, serviceByName, serviceByPort, servicesFile } from './services.ts'

describe('serviceByPort and serviceByName', () => {
  test('80/tcp is http, and http is 80/tcp, whoever says so', async () => {
    for (const options of [{}, { source: 'iana' } as const]) {
      expect(await serviceByPort(80, 'tcp', options)).toMatchObject({ name: 'http', port: 80, protocol: 'tcp' })
      expect(await serviceByName('http', 'tcp', options)).toMatchObject({ name: 'http', port: 80, protocol: 'tcp' })
    }
  })

  test('the source can be forced, and is told', async () => {
    expect((await serviceByPort(80, 'tcp', { source: 'iana' }))?.aliases).toEqual(['www', 'www-http'])
    expect((await serviceByPort(80, undefined, { source: 'iana' }))?.source).toBe('iana')
    expect((await loadServices({ source: 'iana' })).byPort(6001, 'udp')?.name).toBe('x11')
  })

  test('the table is read once, but loadServices reads it anew', async () => {
    const first = await serviceByPort(80, 'tcp', { source: 'iana' })
    expect(await serviceByName('http', 'tcp', { source: 'iana' })).toBe(first)
    const [one, other] = [await loadServices(), await loadServices()]
    expect(one).not.toBe(other)
    expect(one).toEqual(other)
  })

  test('an unknown service is undefined', async () => {
    expect(await serviceByPort(65535, 'dccp')).toBeUndefined()
    expect(await serviceByName('nosuch')).toBeUndefined()
  })

  test('the caller’s mistakes reject', async () => {
    await expect(serviceByPort(99999, 'tcp')).rejects.toThrow(new RangeError('port must be 0 to 65535, got 99999'))
    await expect(serviceByPort(80, 'TCP' as 'tcp')).rejects.toThrow(TypeError)
    await expect(serviceByName('http', 'ip' as 'tcp')).rejects.toThrow(TypeError)
    await expect(loadServices({ source: 'file' as 'iana' })).rejects.toThrow(
      new TypeError(`source must be 'system' or 'iana', got file`),
    )
  })
})

describe('the system’s file', () => {
  test('is read where there is one', async () => {
    using directory = temporaryDirectory()
    const path = join(directory.path, 'services')
    writeFileSync(path, 'ours 80/tcp # not http\n')
    for (const source of [undefined, 'system'] as const) {
      expect((await loadServicesFrom(path, source)).byPort(80)).toMatchObject({ name: 'ours', source: 'system' })
    }
    expect((await loadServicesFrom(path, 'iana')).byPort(80)?.name).toBe('http')
    writeFileSync(path, '')
    expect((await loadServicesFrom(path)).byPort(80)).toBeUndefined()
  })

  test('gives way to IANA’s registry where there is none, unless it was asked for', async () => {
    using directory = temporaryDirectory()
    const path = join(directory.path, 'services')
    expect((await loadServicesFrom(path)).byPort(80)).toMatchObject({ name: 'http', source: 'iana' })
    await expect(loadServicesFrom(path, 'system')).rejects.toMatchObject({
      code: 'unsupported',
      message: `this system has no services file: ${path} does not exist`,
    })
  })

  test('a file that cannot be read is an error, not a reason to answer from elsewhere', async () => {
    using directory = temporaryDirectory()
    await expect(loadServicesFrom(directory.path)).rejects.toMatchObject({
      name: 'NetworkError',
      cause: { code: 'EISDIR' },
    })
  })

  test('has its place on every system', () => {
    expect(servicesFile('linux', {})).toBe('/etc/services')
    const windows = servicesFile('win32', { SystemRoot: 'D:\\WinNT' }).replaceAll('/', '\\')
    expect(windows).toBe('D:\\WinNT\\System32\\drivers\\etc\\services')
    expect(servicesFile('win32', {}).replaceAll('/', '\\')).toBe('C:\\Windows\\System32\\drivers\\etc\\services')
  })
})
