/** For tests that Babel compiles to CommonJS: their imports must be compiled too. */
export default {
  testMatch: ['**/jest.mjs'],
  transform: { '\\.m?js$': ['babel-jest', { plugins: ['@babel/plugin-transform-modules-commonjs'] }] },
  transformIgnorePatterns: ['/node_modules/(?!(\\.pnpm|@resource-server|jose)/)'],
};
