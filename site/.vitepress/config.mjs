/** The site over docs/. Its pages are staged by scripts/site/pages.ts; `npm run site` builds and checks it. */
const page = (text, link) => ({ text, link: `/${link}` });

export default {
  title: 'tap-ukg-pro | target-together',
  description: 'People from UKG Pro, or another HRIS, into Together, every night',
  lang: 'en',
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  srcDir: '.cache/pages',
  outDir: '.cache/dist',
  cacheDir: '.cache/vite',
  markdown: {
    // Braces in a message are braces.
    attrs: { disable: true },
    // The anchors that GitHub gives, so that one link serves both.
    anchor: {
      slugify: (text) =>
        text
          .toLowerCase()
          .replace(/[^\p{L}\p{N}\s_-]/gu, '')
          .replaceAll(' ', '-'),
    },
    // Pale comments of the default theme are below the contrast that WCAG asks for.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  themeConfig: {
    outline: [2, 3],
    nav: [
      page('Concepts', 'concepts'),
      page('Tutorial', 'tutorial'),
      page('Recipes', 'recipes'),
      page('Troubleshooting', 'troubleshooting'),
    ],
    sidebar: [
      {
        text: 'Start',
        items: [
          page('Five-minute concepts', 'concepts'),
          page('Tutorial with the sandbox', 'tutorial'),
          page('The first hour', 'first-hour'),
          page('Recipes for each HRIS', 'recipes'),
          page('Going live', 'going-live'),
          page('Questions and answers', 'faq'),
        ],
      },
      {
        text: 'Run it',
        items: [
          page('Operating it', 'operations'),
          page('Troubleshooting', 'troubleshooting'),
          page('People over time', 'people-over-time'),
          page('Where it runs', 'deploy'),
          page('Increments', 'increments'),
          page('Faults', 'faults'),
          page('Sizing', 'scaling'),
          page('Performance', 'performance'),
          page('Network', 'network'),
          page('Secrets', 'secrets'),
          page('Security', 'security'),
          page('Upgrading', 'upgrading'),
        ],
      },
      {
        text: 'Reference',
        items: [
          page('Settings', 'settings'),
          page('Mapping', 'mapping'),
          page('Presets', 'presets'),
          page('Streams', 'streams'),
          page('Glossary', 'glossary'),
          page('All pages', ''),
        ],
      },
      {
        text: 'Change it',
        items: [
          page('Way of the data', 'data-flow'),
          page('Design', 'design'),
          page('Decisions', 'decisions/'),
          page('Dependencies', 'dependencies'),
          page('Releasing', 'releasing'),
        ],
      },
    ],
    search: {
      provider: 'local',
      options: {
        miniSearch: {
          options: {
            // A question has words that say nothing of its subject.
            processTerm: (term) => {
              const word = term.toLowerCase();
              const idle =
                /^(a|an|and|are|be|can|do|does|did|for|from|has|have|how|i|if|in|is|it|its|me|my|not|of|on|or|our|so|that|the|them|then|there|they|this|to|was|we|what|when|where|which|who|why|will|with|you)$/;
              return word === '' || idle.test(word) ? null : word;
            },
          },
          searchOptions: {
            boost: { title: 6, titles: 2, text: 1 },
            fuzzy: 0.1,
            prefix: true,
            // Its headings are messages, which name every term: an explanation of the term comes first.
            boostDocument: (id) => (id.includes('troubleshooting') ? 0.5 : id.includes('faq') ? 1.5 : 1),
          },
        },
      },
    },
  },
};
