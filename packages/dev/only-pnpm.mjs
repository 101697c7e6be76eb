// Runs before any install at the root. The lockfile and the links between packages are pnpm's.
const agent = process.env.npm_config_user_agent ?? '';
if (!agent.startsWith('pnpm/')) {
  console.error(
    'Keyfold is installed with pnpm: run "npm test" (it installs what it needs) or "npx --yes pnpm@10 install".',
  );
  process.exit(1);
}
