import starlight from '@astrojs/starlight'
import { defineConfig, passthroughImageService } from 'astro/config'
import starlightLinksValidator from 'starlight-links-validator'
import { offline } from './src/offline/integration.ts'
import { sidebar } from './sidebar.ts'

export default defineConfig({
  site: 'https://plainwire.github.io',
  // Drawings alone: nothing is scaled.
  image: { service: passthroughImageService() },
  devToolbar: { enabled: false },
  integrations: [
    starlight({
      title: 'plainwire',
      description: 'Small network protocols in plain TypeScript: names, NTP, HTTP/1.x, TCP servers, byte by byte.',
      favicon: '/favicon.svg',
      defaultLocale: 'root',
      locales: { root: { label: 'English', lang: 'en' }, es: { label: 'Español', lang: 'es' } },
      social: [{ icon: 'github', label: 'GitHub', href: 'https://github.com/plainwire/plainwire' }],
      customCss: ['./src/styles/site.css', './src/styles/playground.css'],
      components: { Search: './src/components/Search.astro', Head: './src/components/Head.astro' },
      sidebar,
      // Wrapped code has nothing to scroll, on a phone either.
      expressiveCode: { defaultProps: { wrap: true } },
      tableOfContents: { maxHeadingLevel: 2 },
      plugins: [
        starlightLinksValidator({
          // Pages that fall back to English keep their English links.
          errorOnFallbackPages: false,
          // Messages for the playground stand behind the #.
          exclude: ({ link }: { readonly link: string }) => /\/playground\/#\w+=/.test(link),
        }),
      ],
    }),
    offline(),
  ],
})
