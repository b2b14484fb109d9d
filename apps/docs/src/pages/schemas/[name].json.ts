// Each schema at its own address, for programs.

import type { APIRoute, GetStaticPaths } from 'astro'

const schemas = import.meta.glob<string>('../../../../../packages/cli/schemas/*.json', {
  query: '?raw',
  import: 'default',
  eager: true,
})

export const getStaticPaths: GetStaticPaths = () =>
  Object.entries(schemas).map(([path, text]) => {
    const name = path.replace(/^.*\/|\.json$/g, '')
    return { params: { name }, props: { text } }
  })

export const GET: APIRoute<{ readonly text: string }> = ({ props }) =>
  new Response(props.text, { headers: { 'content-type': 'application/schema+json' } })
