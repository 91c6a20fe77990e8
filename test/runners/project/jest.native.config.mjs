/** For native ES modules: `NODE_OPTIONS=--experimental-vm-modules jest`. */
export default { testMatch: ['**/jest.mjs'], transform: {} };
