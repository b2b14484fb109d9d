// You will see a whole exchange: where it went, what was sent, and the status, headers and body that came back.
import { get, type RequestStep } from '@plainwire/http-client'

const url = process.argv[2] ?? 'http://www.google.com/'
try {
  const response = await get(url, { onStep: show })
  console.log(`< HTTP/${response.version} ${response.statusCode} ${response.reasonPhrase}`)
  for (const [name, value] of response.headers) console.log(`< ${name}: ${value}`)
  const body = await response.bytes()
  console.log(`received a body of ${body.length} bytes, which begins:`)
  console.log(new TextDecoder().decode(body).split('\n').slice(0, 3).join('\n').slice(0, 200))
} catch (error) {
  console.error(String(error))
  process.exitCode = 1
}

function show(step: RequestStep) {
  if (step.step === 'resolve')
    for (const { address, family } of step.addresses) console.log(`resolved: ${address} (IPv${family})`)
  if (step.step === 'connect')
    console.log(
      `connected to: ${step.address} port ${step.port}\nconnected from: ${step.localAddress} port ${step.localPort}`,
    )
  if (step.step === 'send') console.log(`sent ${step.bytesSent} of ${step.bytes.length} bytes`)
}
