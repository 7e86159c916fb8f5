import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

/**
 * Jest's environment for Node, with globals that code reads as fast as outside of tests. Jest creates its context around a
 * proxy, so that each `Math` or `Number` in a loop is a call through C++ and JavaScript. Since 20.18 Node can create a context
 * with a plain global object; before, this is Jest's own environment.
 */
export default class PlainContextEnvironment extends TestEnvironment {
  constructor(config, context) {
    const { createContext } = vm;
    const plain = vm.constants?.DONT_CONTEXTIFY;
    if (plain !== undefined) vm.createContext = () => createContext(plain);
    try {
      super(config, context);
    } finally {
      vm.createContext = createContext;
    }
  }
}
