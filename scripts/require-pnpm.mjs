// `npm install` cannot link the packages of this workspace; print the command that can.
const agent = process.env.npm_config_user_agent ?? '';
if (!agent.startsWith('pnpm/')) {
  console.error('This workspace uses pnpm. Type: npx -y pnpm@10.34.9 install');
  process.exit(1);
}
