// Stands in for the package `light-my-request`, by which tests call a server without a network.
module.exports = () => {
  throw new Error('requests are sent over the network');
};
