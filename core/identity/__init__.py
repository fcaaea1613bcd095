"""Who acts: users, organisations and the roles held in them; the `Actor` value that services and permissions see."""
