/** For tests that are made CommonJS: what they import must become that, too. */
export default {
  testMatch: ['**/jest.mjs'],
  transform: { '\\.m?js$': ['babel-jest', { plugins: ['@babel/plugin-transform-modules-commonjs'] }] },
  transformIgnorePatterns: ['/node_modules/(?!(\\.pnpm|@resource-server|jose)/)'],
};
