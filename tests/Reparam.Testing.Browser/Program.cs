return Reparam.Testing.Host.Program.Main(args);
