// The module: what it provides can be injected everywhere.

import { Module, type DynamicModule, type FactoryProvider, type ModuleMetadata } from '@nestjs/common'
import { ExternalContextCreator, HttpAdapterHost, ModulesContainer } from '@nestjs/core'
import { StaywireGateway, type GatewayOptions } from './gateway.ts'
import { Staywire, type StaywireOptions } from './staywire.ts'

/** Options that are made by a factory. */
export interface AsyncOptions<Options> extends Pick<ModuleMetadata, 'imports'> {
  /** What the factory is given. */
  readonly inject?: FactoryProvider['inject']
  readonly useFactory: (...given: never[]) => Options | Promise<Options>
}

const OPTIONS = Symbol('staywire options')
const GATEWAY_OPTIONS = Symbol('staywire gateway options')

/** The module of an application that has a server (`forRoot`), a governed Socket.IO gateway (`forGateway`), or both. */
export class StaywireModule {
  /** A server on the application's HTTP server. Provides `Staywire`. */
  static forRoot(options: StaywireOptions = {}): DynamicModule {
    return StaywireModule.forRootAsync({ useFactory: () => options })
  }

  /** The same with options that are made of other providers. */
  static forRootAsync(options: AsyncOptions<StaywireOptions>): DynamicModule {
    return moduleOf(options, OPTIONS, {
      provide: Staywire,
      inject: [OPTIONS, HttpAdapterHost, ModulesContainer, ExternalContextCreator],
      useFactory: (
        own: StaywireOptions,
        host: HttpAdapterHost,
        modules: ModulesContainer,
        contexts: ExternalContextCreator,
      ) => new Staywire(own, { host, modules, contexts }),
    })
  }

  /** Governs the application's Socket.IO gateways. Provides `StaywireGateway`. */
  static forGateway(options: GatewayOptions): DynamicModule {
    return StaywireModule.forGatewayAsync({ useFactory: () => options })
  }

  /** The same with options that are made of other providers. */
  static forGatewayAsync(options: AsyncOptions<GatewayOptions>): DynamicModule {
    return moduleOf(options, GATEWAY_OPTIONS, {
      provide: StaywireGateway,
      inject: [GATEWAY_OPTIONS],
      useFactory: (own: GatewayOptions) => new StaywireGateway(own),
    })
  }
}

Module({})(StaywireModule)

function moduleOf<Options>(
  { imports = [], inject = [], useFactory }: AsyncOptions<Options>,
  token: symbol,
  provider: FactoryProvider,
): DynamicModule {
  return {
    module: StaywireModule,
    global: true,
    imports,
    providers: [{ provide: token, inject, useFactory: useFactory as (...given: unknown[]) => unknown }, provider],
    exports: [provider.provide],
  }
}
